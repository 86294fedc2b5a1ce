import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { AssetsController } from './assets';
import { Issuer } from './issuer';
import { LanguageController } from './language.controller';
import { LiveController } from './live.controller';
import { LoginController } from './login.controller';
import { CasesScreenController } from './screens/cases.controller';
import { HomeScreenController } from './screens/home.controller';
import { Services } from './services';
import { SessionMiddleware } from './session.middleware';
import { Sessions } from './sessions';

@Module({
  controllers: [
    AssetsController,
    LoginController,
    LanguageController,
    LiveController,
    HomeScreenController,
    CasesScreenController,
  ],
  providers: [Issuer, Services, Sessions],
})
export class ConsoleModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(SessionMiddleware).forRoutes('{*path}');
  }
}
