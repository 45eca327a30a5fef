package io.hairpin.stun;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The STUN methods of RFC 8489, RFC 8656 and RFC 6062.
public enum Method {
    BINDING(0x001),
    ALLOCATE(0x003),
    REFRESH(0x004),
    SEND(0x006),
    DATA(0x007),
    CREATE_PERMISSION(0x008),
    CHANNEL_BIND(0x009),
    CONNECT(0x00A),
    CONNECTION_BIND(0x00B),
    CONNECTION_ATTEMPT(0x00C);

    private static final Map<Integer, Method> BY_CODE =
            Arrays.stream(values())
                    .collect(Collectors.toUnmodifiableMap(Method::code, Function.identity()));

    private final int code;

    Method(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static Optional<Method> of(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }
}
