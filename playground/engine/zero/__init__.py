"""ZeroGPU: a GPU that is lent to one decorated function, for seconds.

https://huggingface.co/docs/hub/spaces-zerogpu
"""
