import "./base.css";
import "./gallery.css";
import "./lightbox.css";
import "./diff.css";
import "./histogram.css";
