"""Start the app: `python app.py`. Everything else is in `playground`."""

from playground.ui import launch

if __name__ == "__main__":
    launch()
