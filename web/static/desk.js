// The newsletter's desk in the browser. Without it the page works as forms; nothing here is needed to do the work.
"use strict";
