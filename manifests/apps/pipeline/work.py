"""Works off one batch after another, and finishes the one in hand when it is asked to stop."""

import argparse
import os
import signal
import time

arguments = argparse.ArgumentParser()
arguments.add_argument("--batch", type=int, default=1)
batch = arguments.parse_args().batch

stopping = False


def stop(_signal, _frame):
    global stopping
    stopping = True


signal.signal(signal.SIGTERM, stop)
done = 0
while not stopping:
    done += batch
    print(f"{os.environ['DYNO']} has worked off {done} orders", flush=True)
    time.sleep(2)
print(f"{os.environ['DYNO']} stops after {done} orders", flush=True)
