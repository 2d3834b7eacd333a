/// Listening sockets and the byte pipes behind them.
@NullMarked
package dev.holdfast.net;

import org.jspecify.annotations.NullMarked;
