package io.hairpin.lab;

import java.io.Serial;

/// Why a call did not come about.
final class CallException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    CallException(String why) {
        super(why);
    }
}
