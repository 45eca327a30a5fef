package io.hairpin.client.load;

/// What became of connections that were only begun.
///
/// @param begun in all
/// @param held at the moment
/// @param ended by the server
/// @param answered by the server, be it with a cookie or with its certificate
/// @param refused that could not be begun
public record HalfOpenCounts(long begun, long held, long ended, long answered, long refused) {

    static final HalfOpenCounts NONE = new HalfOpenCounts(0, 0, 0, 0, 0);

    HalfOpenCounts plus(HalfOpenCounts other) {
        return new HalfOpenCounts(
                begun + other.begun,
                held + other.held,
                ended + other.ended,
                answered + other.answered,
                refused + other.refused);
    }
}
