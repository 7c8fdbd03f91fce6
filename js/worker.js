// The script of the worker that Python runs in. Requests with relative addresses, which Python cells send, are
// resolved against this file's folder, so it stays here.

import "./runtime/worker.js";
