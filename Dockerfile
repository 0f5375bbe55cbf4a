# The app on CPUs, for one machine: docker compose up (see docs/serving.md).
FROM python:3.12-slim

WORKDIR /app
COPY requirements.txt .
# torch from the index of its CPU builds: the usual ones bring 4 GB of CUDA. What only developers of these libraries need
# is removed in the same layer, a quarter of a GB.
RUN pip install --no-cache-dir --no-compile --root-user-action=ignore \
        --index-url https://download.pytorch.org/whl/cpu "$(grep '^torch>' requirements.txt)" \
    && pip install --no-cache-dir --no-compile --root-user-action=ignore -r requirements.txt \
    && cd "$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" \
    && rm -rf torch/test torch/include pyarrow/include pyarrow/tests \
    && find torch/bin -type f ! -name torch_shm_manager -delete \
    && find pandas scipy sklearn sympy networkx -type d -name tests -prune -exec rm -rf {} +

COPY app.py .
COPY checkpoints checkpoints
COPY playground playground
# Bytecode of what is used, and of nothing else: the user below can't write it.
RUN python -c "import playground.ui.launch; from playground.engine.crew import warm_up; warm_up('cpu')"

RUN useradd --uid 1000 --no-create-home --home-dir /tmp playground
USER playground
ENV HOME=/tmp PYTHONUNBUFFERED=1 GRADIO_SERVER_NAME=0.0.0.0 GRADIO_ANALYTICS_ENABLED=False
EXPOSE 7860
# As the first process of a container, Python ignores SIGTERM.
STOPSIGNAL SIGINT
HEALTHCHECK --interval=30s --timeout=5s --start-period=2m \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/health', timeout=4)"]
CMD ["python", "app.py"]
