//! Shell scripts fail loudly and can be run.

use crate::tree::{expect_none, files, root, text};

const FIRST_COMMAND: &str = "set -euo pipefail";

#[test]
fn scripts_stop_at_first_failure() {
    let rule = "a script starts with `#!/usr/bin/env bash`, says in a comment what it does, and \
                then `set -euo pipefail`";
    let scripts = files().iter().filter(|path| is_script(path));
    expect_none(rule, scripts.filter_map(|path| careless(path, &text(path))).collect());
}

#[test]
#[cfg(unix)]
fn scripts_can_be_run() {
    use std::os::unix::fs::PermissionsExt as _;
    let rule = "a script has its executable bit: `git update-index --chmod=+x`";
    let scripts = files().iter().filter(|path| is_script(path));
    let modes = scripts.map(|path| (path, root().join(path).metadata().expect("it was listed")));
    let inert = modes.filter(|(_, data)| data.permissions().mode() & 0o111 == 0);
    expect_none(rule, inert.map(|(path, _)| path.clone()).collect());
}

/// Does the file begin as scripts do?
pub(crate) fn is_script(path: &str) -> bool {
    let bytes = std::fs::read(root().join(path)).expect("the file was listed");
    path.ends_with("/run") || bytes.starts_with(b"#!/")
}

fn careless(path: &str, script: &str) -> Option<String> {
    let mut lines = script.lines();
    let shell = lines.next() == Some("#!/usr/bin/env bash");
    let commented = lines.clone().next().is_some_and(|line| line.starts_with("# "));
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    let careful = shell && commented && first == Some(FIRST_COMMAND);
    (!careful).then(|| format!("{path}: begins otherwise"))
}

#[test]
fn catches_careless_scripts() {
    let careful = "#!/usr/bin/env bash\n# Runs it.\nset -euo pipefail\nrun\n";
    assert_eq!(careless("a", careful), None);
    for wrong in ["set -euo pipefail", "# Runs it.\n", "#!/usr/bin/env bash"] {
        assert!(careless("a", &careful.replace(wrong, "echo")).is_some(), "{wrong}");
    }
}
