/** The pages' one style sheet: narrow screens first, colours of at least 7:1 (WCAG 2.2 AAA for text), by day and by night. */
export const STYLE = `*{box-sizing:border-box}
body{margin:0 auto;max-width:40rem;padding:.5rem;font:1rem/1.5 sans-serif;color:#1b1b1b;background:#fff;overflow-wrap:anywhere}
h1{font-size:1.3rem;margin:.5rem 0}h2{font-size:1.1rem;margin:.5rem 0}h3{font-size:1rem;margin:.25rem 0}
p{margin:.5rem 0}
a{color:#0b3d91}a:focus,button:focus,input:focus,select:focus,textarea:focus{outline:3px solid #0b3d91;outline-offset:2px}
nav a{display:inline-block;padding:.4rem .6rem .4rem 0}
a[aria-current]{color:#1b1b1b;font-weight:bold;text-decoration:none}
article,form.own{border:1px solid #595959;border-radius:.3rem;padding:.5rem;margin:.6rem 0}
article h2,article h3{margin-top:0}
label{display:block;font-weight:bold;margin-top:.4rem}
input,select,textarea{width:100%;font:inherit;color:inherit;background:#fff;padding:.4rem;border:1px solid #595959;border-radius:.2rem}
button{font:inherit;padding:.6rem .8rem;margin:.4rem .4rem .2rem 0;border:2px solid #0b3d91;border-radius:.3rem;background:#0b3d91;color:#fff;text-align:left}
button.second{background:#fff;color:#0b3d91}
a.exit{display:block;padding:.5rem;background:#1b1b1b;color:#fff;text-align:center}
.done,.wrong{padding:.5rem;border-left:.4rem solid #14532d;background:#f0f7f1}
.wrong{border-color:#8b0000;background:#fdf1f1}
.small{font-size:.9rem}
footer{border-top:1px solid #595959;margin-top:1rem}
footer a{display:inline-block;padding:.4rem 0}
@media(prefers-color-scheme:dark){body{color:#f0f0f0;background:#121212}a{color:#a8c7fa}a[aria-current]{color:#f0f0f0}
a:focus,button:focus,input:focus,select:focus,textarea:focus{outline-color:#a8c7fa}
input,select,textarea{background:#1e1e1e;border-color:#9e9e9e}article,form.own,footer{border-color:#9e9e9e}
button{background:#a8c7fa;border-color:#a8c7fa;color:#121212}button.second{background:#121212;color:#a8c7fa}
a.exit{background:#f0f0f0;color:#121212}
.done{background:#12301b;border-color:#7fd197}.wrong{background:#3b1212;border-color:#ff9a9a}}`;
