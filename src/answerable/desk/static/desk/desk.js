// Scripts of the desk. Each file is one custom element or one habit.
import "./keyed.js";
import "./list.js";
import "./selection.js";
import "./choices.js";
import "./chooses.js";
import "./articles.js";
import "./addresses.js";
import "./composer.js";
import "../web/editor.js";
import "./mentions.js";
import "./once.js";
import "./presence.js";
import "./presences.js";
import "./reveal.js";
