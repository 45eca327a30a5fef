package io.hairpin.bench.soak;

/// Something that has to be so at the end, and what it was.
record Check(String what, String bound, String found, State state) {
    enum State {
        HELD,
        BROKEN,
        NOT_JUDGED
    }

    static Check of(String what, String bound, String found, boolean holds) {
        return new Check(what, bound, found, holds ? State.HELD : State.BROKEN);
    }
}
