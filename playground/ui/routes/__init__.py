"""Routes of the page beside Gradio's own: they answer past its queue."""
