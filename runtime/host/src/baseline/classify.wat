;; Sums up the lines of an invoice and judges the total, in a memory of 17 pages.
(component
    (type $line (record (field "sku" string) (field "quantity" u32) (field "unit-price" f64)))
    (type $invoice (record
        (field "number" string) (field "lines" (list $line)) (field "due" (option string))))
    (type $verdict (variant (case "approved") (case "needs-review" f64)))
    (core module $m
        (memory (export "memory") 17)
        (global $next (mut i32) (i32.const 1024))
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
            (local.set $at (i32.and
                (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
                (i32.sub (i32.const 0) (local.get 2))))
            (global.set $next (i32.add (local.get $at) (local.get 3)))
            (local.get $at))
        (func (export "classify") (param i32 i32 i32 i32 i32 i32 i32) (result i32)
            (local $at i32) (local $end i32) (local $sum f64)
            (local.set $at (local.get 2))
            (local.set $end (i32.add (local.get 2) (i32.mul (local.get 3) (i32.const 24))))
            (block $done (loop $next
                (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
                (local.set $sum (f64.add (local.get $sum) (f64.mul
                    (f64.convert_i32_u (i32.load offset=8 (local.get $at)))
                    (f64.load offset=16 (local.get $at)))))
                (local.set $at (i32.add (local.get $at) (i32.const 24)))
                (br $next)))
            (i32.store (i32.const 0) (f64.gt (local.get $sum) (f64.const 50)))
            (f64.store (i32.const 8) (local.get $sum))
            (i32.const 0)))
    (core instance $i (instantiate $m))
    (func $classify (param "invoice" $invoice) (result $verdict)
        (canon lift (core func $i "classify") (memory $i "memory") (realloc (func $i "realloc"))))
    ;; Types have names within an interface only.
    (component $steps
        (type $line' (record
            (field "sku" string) (field "quantity" u32) (field "unit-price" f64)))
        (import "import-line" (type $line (eq $line')))
        (type $invoice' (record
            (field "number" string) (field "lines" (list $line)) (field "due" (option string))))
        (import "import-invoice" (type $invoice (eq $invoice')))
        (type $verdict' (variant (case "approved") (case "needs-review" f64)))
        (import "import-verdict" (type $verdict (eq $verdict')))
        (import "import-classify"
            (func $classify (param "invoice" $invoice) (result $verdict)))
        (export $line-out "line" (type $line))
        (type $invoice-out' (record
            (field "number" string) (field "lines" (list $line-out))
            (field "due" (option string))))
        (export $invoice-out "invoice" (type $invoice-out'))
        (export $verdict-out "verdict" (type $verdict))
        (export "classify" (func $classify)
            (func (param "invoice" $invoice-out) (result $verdict-out))))
    (instance $offered (instantiate $steps
        (with "import-line" (type $line))
        (with "import-invoice" (type $invoice))
        (with "import-verdict" (type $verdict))
        (with "import-classify" (func $classify))))
    (export "bench:invoice/steps" (instance $offered)))
