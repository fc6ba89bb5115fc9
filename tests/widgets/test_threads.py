"""Callbacks come on several threads: no frame may see half of a change."""

import threading

from wbviz.widgets import Neuron


def test_a_change_waits_until_the_frame_in_hand_is_drawn():
    neuron = Neuron(w=[1.0, 2.0])
    change = threading.Thread(target=lambda: setattr(neuron, "w", [1.0, 2.0, 3.0]))
    with neuron.picture.lock:  # as while a frame is drawn
        change.start()
        change.join(0.2)
        assert (neuron.w, neuron.inputs) == ([1.0, 2.0], 2)
    change.join(10)
    assert (len(neuron.w), len(neuron.x), neuron.inputs) == (3, 3, 3)
    neuron.close()


def test_many_threads_turn_many_knobs_and_nothing_is_torn():
    neuron, errors = Neuron(), []
    neuron.picture.on_error = errors.append

    def turn(start):
        for i in range(40):
            neuron.inputs = 1 + (start + i) % 3
            neuron.b = round(0.1 * i, 1)
            with neuron.picture.lock:
                assert len(neuron.w) == len(neuron.x) == neuron.inputs
                neuron._update()

    threads = [threading.Thread(target=turn, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors
    assert len(neuron.w) == neuron.inputs
    neuron.close()
