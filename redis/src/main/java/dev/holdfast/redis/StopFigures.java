package dev.holdfast.redis;

import dev.holdfast.lifecycle.ScopeView;
import dev.holdfast.lifecycle.ScopeView.StopView;
import dev.holdfast.redis.StopControl.LastStop;
import java.util.LinkedHashMap;
import java.util.Map;

/// What `INFO shutdown` shows of the life around the server, by name.
record StopFigures(StopControl control) {
    Map<String, Object> page() {
        Map<String, Object> page = new LinkedHashMap<>();
        ScopeView view = control.view();
        if (view != null) {
            page.put("shutdown_state", view.state());
            page.put("shutdown_level", view.level());
            page.put("shutdown_epoch", view.epoch());
            page.put("shutdown_holders", view.inside());
            page.put("shutdown_tasks", view.running());
            StopView stop = view.stop();
            page.put("shutdown_mode", stop == null ? "" : stop.mode());
            page.put("shutdown_budget_ms", stop == null ? 0 : stop.budget().toMillis());
            page.put("shutdown_left_ms", stop == null ? 0 : stop.left().toMillis());
            page.put("shutdown_phase_left_ms", stop == null ? 0 : stop.phaseLeft().toMillis());
        }
        LastStop last = control.lastStop();
        if (last != null) {
            page.put("shutdown_last_exit_code", last.exitCode());
            page.put("shutdown_last_ms", last.millis());
            page.put("shutdown_last_was_clean", last.proof() == StopControl.Proof.CLEAN ? 1 : 0);
        }
        return page;
    }
}
