DELETE FROM step_presets WHERE id = ?1 AND version = ?2
