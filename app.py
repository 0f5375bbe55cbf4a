"""Start the app: `python app.py`. Everything else is in `playground`."""

if __name__ == "__main__":  # a worker imports this file, too, and needs no page
    from playground.ui import launch

    launch()
