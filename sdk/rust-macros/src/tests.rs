//! What the macro makes of a module, piece by piece.

use expect_test::{Expect, expect};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::{Item, ItemMod};

use crate::model::Interface;
use crate::plugin::{self, Origin};
use crate::problems::Problems;
use crate::{meta, read, wit};

fn origin() -> Origin {
    let (package, version) = ("finance-desk".to_owned(), "1.2.3".to_owned());
    Origin { package, version, folder: String::new() }
}

fn interface(module: TokenStream) -> Interface {
    let module: ItemMod = syn::parse2(module).expect("it is a module");
    let (_, items) = module.content.expect("it is written here");
    let mut problems = Problems::default();
    let interface = read::interface(&module.ident, &module.attrs, &items, &origin(), &mut problems);
    assert!(problems.is_empty(), "{}", problems.into_tokens());
    interface.expect("nothing is wrong with it")
}

fn expanded(module: TokenStream, origin: &Origin) -> String {
    plugin::expand(&TokenStream::new(), module, origin).to_string()
}

fn finance() -> TokenStream {
    quote! {
        /// Steps for the finance portal.
        ///
        /// They need a grant.
        pub mod finance {
            use wharf::{Decimal, Result};

            pub struct Invoice { pub id: Id, #[wharf(default = "EUR")] pub currency: String }
            pub struct Id(String);
            pub enum Decision { Approved, NeedsReview { reason: String } }
            pub struct Unused { pub shared: Rc<u8> }

            /// Decides.
            pub fn classify(
                /// The invoice.
                invoice: Invoice,
                #[wharf(default = 5000)] limit: Decimal,
            ) -> Result<Decision> {
                helper(invoice)
            }

            fn helper(invoice: Invoice) -> Result<Decision> { todo() }
        }
    }
}

#[test]
fn the_module_stays_plain_rust() {
    let module: ItemMod =
        syn::parse2(plugin::expand(&TokenStream::new(), finance(), &origin())).unwrap();
    let (_, items) = module.content.unwrap();
    let by_value = quote!(clippy::needless_pass_by_value, clippy::too_many_arguments);
    let by_type = quote!(clippy::unnecessary_wraps, clippy::unused_async);
    let lints = quote!(allow(#by_value, #by_type));
    let lints = quote!(#[#lints]);
    let plain = quote! {
        use wharf::{Decimal, Result};

        pub struct Invoice { pub id: Id, pub currency: String }
        pub struct Id(String);
        pub enum Decision { Approved, NeedsReview { reason: String } }
        pub struct Unused { pub shared: Rc<u8> }

        /// Decides.
        #lints
        pub fn classify(invoice: Invoice, limit: Decimal,) -> Result<Decision> {
            helper(invoice)
        }

        fn helper(invoice: Invoice) -> Result<Decision> { todo() }
    };
    let plain: syn::File = syn::parse2(plain).unwrap();
    let count = plain.items.len();
    let kept: TokenStream = items[..count].iter().map(Item::to_token_stream).collect();
    assert_eq!(kept.to_string(), plain.into_token_stream().to_string());
    let bindings = items[count..].iter().filter(|item| matches!(item, Item::Mod(_)));
    let bindings: Vec<String> = bindings.map(|item| item.to_token_stream().to_string()).collect();
    assert!(bindings[0].starts_with("# [cfg (target_arch = \"wasm32\")]"), "{bindings:?}");
}

fn check_wit(module: TokenStream, expected: &Expect) {
    let document = wit::document(&interface(module), "finance-desk");
    let (own, contract) = document.split_once("package wharf:host@1.0.0 {").unwrap();
    assert!(contract.contains("record failure {"), "{contract}");
    expected.assert_eq(own);
}

#[test]
fn interfaces_hold_what_steps_need() {
    check_wit(
        finance(),
        &expect![[r#"
            package plugin:%finance-desk;

            interface %finance {
              use wharf:host/types@1.0.0.{decimal, failure};

              record %invoice {
                %id: %id,
                %currency: string,
              }

              type %id = string;

              variant %decision {
                %approved,
                %needs-review(%decision-needs-review),
              }
              record %decision-needs-review {
                %reason: string,
              }

              %classify: func(%invoice: %invoice, %limit: decimal) -> result<%decision, failure>;
            }

            world world-of-finance {
              export %finance;
            }

        "#]],
    );
}

#[test]
fn results_take_every_form() {
    check_wit(
        quote! {
            mod results {
                pub fn nothing() {}
                pub fn unit() -> () {}
                pub fn value() -> u8 {}
                pub fn alias() -> wharf::Result<Json> {}
                pub fn alias_of_nothing() -> Result<()> {}
                pub fn text() -> Result<DateTime, String> {}
                pub async fn inside() -> Vec<Result<u8, Option<char>>> {}
            }
        },
        &expect![[r#"
            package plugin:%finance-desk;

            interface %results {
              use wharf:host/types@1.0.0.{datetime, failure, json};

              %nothing: func() -> result<_, failure>;
              %unit: func() -> result<_, failure>;
              %value: func() -> result<u8, failure>;
              %alias: func() -> result<json, failure>;
              %alias-of-nothing: func() -> result<_, failure>;
              %text: func() -> result<datetime, failure>;
              %inside: async func() -> result<list<result<u8, option<char>>>, failure>;
            }

            world world-of-results {
              export %results;
            }

        "#]],
    );
}

#[test]
fn meta_tells_what_wit_cannot() {
    let entry = meta::entry(&interface(finance()), &origin());
    let lines = entry.replace("},{", "},\n{").replace(":[{", ":[\n{");
    let version = env!("CARGO_PKG_VERSION");
    assert!(lines.starts_with(&format!("{{\"format\":1,\"sdk\":\"rust {version}\",")), "{lines}");
    let (_, told) = lines.split_once("\",\"plugin\"").unwrap();
    expect![[r#"
        :"finance-desk","version":"1.2.3","interface":"finance","docs":"Steps for the finance portal.\n\nThey need a grant.","steps":[
        {"name":"classify","docs":"Decides.","file":"<unspecified>","line":1,"params":[
        {"name":"invoice","docs":"The invoice."},
        {"name":"limit","default":5000}]}],"types":[
        {"name":"invoice","fields":[
        {"name":"currency","default":"EUR"}]}]}"#]]
    .assert_eq(told);
}

#[test]
fn sections_begin_with_their_length() {
    let section = meta::section(&interface(finance()), &origin());
    let (length, entry) = section.split_first_chunk::<4>().unwrap();
    assert_eq!(u32::from_le_bytes(*length) as usize, entry.len());
    assert_eq!(entry, meta::entry(&interface(finance()), &origin()).as_bytes());
}

#[test]
fn text_is_quoted_as_json() {
    assert_eq!(meta::quoted("a \"b\"\\\n\t\u{1} é"), r#""a \"b\"\\\n\t\u0001 é""#);
}

#[test]
fn crates_need_names_of_words() {
    for (package, fits) in [("finance", true), ("my_plugin2", true), ("plugin-2", false)] {
        let origin = Origin { package: package.to_owned(), ..origin() };
        let refused = expanded(finance(), &origin).contains("cannot be a plugin's");
        assert_eq!(refused, !fits, "{package}");
    }
}

#[test]
fn places_are_told_from_the_manifest() {
    let span = proc_macro2::Span::call_site();
    let folder = "<unspec".to_owned();
    assert_eq!(Origin { folder, ..origin() }.place(span), ("ified>".to_owned(), 1));
}
