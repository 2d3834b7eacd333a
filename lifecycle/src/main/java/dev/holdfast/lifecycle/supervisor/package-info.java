/// The service manager that started this process, told how it goes (`sd_notify`).
@NullMarked
package dev.holdfast.lifecycle.supervisor;

import org.jspecify.annotations.NullMarked;
