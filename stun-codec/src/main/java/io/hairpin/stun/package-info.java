/// STUN messages and ChannelData, to and from bytes.
@NullMarked
package io.hairpin.stun;

import org.jspecify.annotations.NullMarked;
