// All scripts of the pages. Each file is one custom element or one habit; none needs another's element to be there.
import "./commandfor.js";
import "./toast.js";
import "./failures.js";
import "./mistakes.js";
import "./places.js";
import "./time.js";
import "./theme.js";
import "./live.js";
import "./keys.js";
import "./menus.js";
import "./palette.js";
import "./draft.js";
import "./undo.js";
import "./files.js";
import "./mail.js";
import "./attending.js";
import "./countdown.js";
