/// Where keys come from and go to when databases move: another server, a file.
@NullMarked
package dev.holdfast.app.transfer;

import org.jspecify.annotations.NullMarked;
