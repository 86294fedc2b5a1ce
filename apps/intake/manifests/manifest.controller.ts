import {
  Controller,
  Get,
  Header,
  HttpCode,
  StreamableFile,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { Allow, Who, type Caller } from '@retorno/service';
import {
  ApiBody,
  ApiConsumes,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiQuery,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { authorityOf, OwnManifests } from '../registration/authority';
import { COLUMNS } from './columns';
import { ManifestImport } from './manifest-import';
import { ManifestQuery } from './manifest-query';
import { ManifestUpload } from './manifest-upload';
import { RefusedRows } from './refused-rows-query';
import {
  errorListSchema,
  manifestListSchema,
  manifestSchema,
  problemSchema,
  rowListSchema,
} from '../returnees/openapi';

/** Manifests: sent as CSV, read in the background, each with one report. */
@ApiTags('intake')
@Controller('intake/manifests')
@UseGuards(OwnManifests)
export class ManifestController {
  constructor(
    private readonly upload: ManifestUpload,
    private readonly query: ManifestQuery,
    private readonly importer: ManifestImport,
    private readonly refused: RefusedRows,
  ) {}

  @Post()
  @Allow('intake', 'operations')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Send a manifest',
    description:
      `CSV (RFC 4180) in UTF-8 with a header row of the columns ${COLUMNS.join(', ')}, in any order; lists in a cell ` +
      'are separated by |. Rows are registered in the background: a bad row never stops the others, and the same ' +
      'manifest again changes nothing. Rows of another sending authority than the sender’s own are rejected.',
  })
  @ApiConsumes('text/csv')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiResponse({
    status: 202,
    schema: { type: 'object', properties: { id: { type: 'string', format: 'uuid' } } },
  })
  @ApiResponse({ status: 413, description: 'Longer than MANIFEST_MAX_BYTES', schema: problemSchema })
  @ApiResponse({ status: 415, description: 'Not text/csv in UTF-8', schema: problemSchema })
  @ApiResponse({ status: 422, description: 'Empty', schema: problemSchema })
  async receive(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Who() caller: Caller,
  ): Promise<{ id: string }> {
    const { headers } = request;
    this.upload.checkAnnounced({
      type: headers['content-type'],
      encoding: headers['content-encoding'],
      length: headers['content-length'],
    });
    // The stream must outlive a refusal, or the sender sees a broken connection instead of the answer.
    const id = await this.upload.receive(request.iterator({ destroyOnReturn: false }), authorityOf(caller));
    this.importer.wake();
    response.location(`/intake/manifests/${id}`);
    return { id };
  }

  @Get()
  @Allow('intake', 'operations', 'auditor')
  @ApiOperation({ summary: 'Manifests, newest first' })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiQuery({ name: 'limit', required: false })
  @ApiResponse({ status: 200, schema: manifestListSchema })
  list(@Who() caller: Caller, @Query('cursor') cursor?: string, @Query('limit') limit?: string) {
    return this.query.list(cursor, limit, authorityOf(caller));
  }

  @Get(':id')
  @Allow('intake', 'operations', 'auditor')
  @ApiOperation({ summary: "A manifest's progress and report, with its first 1,000 errors" })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiResponse({ status: 200, schema: manifestSchema })
  get(@Param('id') id: string, @Who() caller: Caller) {
    return this.query.get(id, authorityOf(caller));
  }

  @Get(':id/errors')
  @Allow('intake', 'operations')
  @ApiOperation({ summary: "All of a manifest's errors, by line" })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiQuery({ name: 'limit', required: false })
  @ApiResponse({ status: 200, schema: errorListSchema })
  errors(
    @Param('id') id: string,
    @Who() caller: Caller,
    @Query('cursor') cursor?: string,
    @Query('limit') limit?: string,
  ) {
    return this.query.errors(id, cursor, limit, authorityOf(caller));
  }

  @Get(':id/refused')
  @Allow('intake', 'operations')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'The refused rows as CSV, to be corrected and sent again',
    description:
      "The manifest's columns, and `line` and `errors`, which are not read when it is sent again. A cell that a spreadsheet " +
      "would take for a formula begins with ', which is taken off again. Kept for seven days.",
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiProduces('text/csv')
  @ApiResponse({ status: 200, schema: { type: 'string' } })
  @ApiResponse({ status: 410, description: 'No longer kept', schema: problemSchema })
  refusedRows(@Param('id') id: string, @Who() caller: Caller): Promise<StreamableFile> {
    return this.refused.csv(id, authorityOf(caller));
  }

  @Get(':id/rows')
  @Allow('intake', 'operations')
  @ApiOperation({ summary: 'What became of each row, by line' })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiQuery({ name: 'limit', required: false })
  @ApiResponse({ status: 200, schema: rowListSchema })
  rows(
    @Param('id') id: string,
    @Who() caller: Caller,
    @Query('cursor') cursor?: string,
    @Query('limit') limit?: string,
  ) {
    return this.query.rows(id, cursor, limit, authorityOf(caller));
  }
}
