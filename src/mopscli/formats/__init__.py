"""Pages and results drawn: on a terminal, as Markdown, as HTML with pictures, as JSON."""
