//! The order: what it must hold to be one, and what it costs.
//!
//! Members that are missing are taken as empty, so that all of them are reported together; members
//! that this task does not know go on as they came.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Most line items of one order.
const ITEMS_MAX: usize = 100;
/// Most pieces of one line item.
const QUANTITY_MAX: i64 = 999;
/// The currencies that the shop takes.
const CURRENCIES: [&str; 4] = ["EUR", "USD", "GBP", "CHF"];
/// The coupons that are out, and the percent that each takes off.
const COUPONS: [(&str, i64); 2] = [("WELCOME10", 10), ("STAFF25", 25)];

/// An order, before and after.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Order {
    /// Who it is.
    pub order_id: String,
    /// Who ordered.
    pub customer: Customer,
    /// What.
    pub items: Vec<Item>,
    /// The currency of every amount, by its ISO code.
    pub currency: String,
    /// How it is paid.
    pub payment: Payment,
    /// A coupon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coupon_code: Option<String>,
    /// Pieces in all; counted here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item_count: Option<i64>,
    /// What the items cost; counted here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtotal_cents: Option<i64>,
    /// What the coupon takes off; counted here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_cents: Option<i64>,
    /// What is to be paid: stated at first, counted afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_cents: Option<i64>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// Who ordered.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Customer {
    /// The customer's number.
    pub id: String,
    /// The mail address.
    pub email: String,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// A line item.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Item {
    /// The article.
    pub sku: String,
    /// How many pieces.
    pub quantity: i64,
    /// What one piece costs.
    pub unit_price_cents: i64,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// How the order is paid.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Payment {
    /// The card, with or without spaces. Whether it is good is the bank's to say.
    pub card_number: String,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// What an order costs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Totals {
    item_count: i64,
    subtotal_cents: i64,
    discount_cents: i64,
    pub(crate) total_cents: i64,
}

impl Order {
    /// Everything that is wrong with the order by itself, each with its path.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut check = |holds: bool, problem: String| {
            if !holds {
                problems.push(problem);
            }
        };
        check(
            !self.order_id.trim().is_empty(),
            "orderId: missing".to_owned(),
        );
        check(
            !self.customer.id.trim().is_empty(),
            "customer.id: missing".to_owned(),
        );
        let email = &self.customer.email;
        check(
            is_mail_address(email.trim()),
            format!("customer.email: `{email}` is no mail address"),
        );
        let currency = &self.currency;
        let known = CURRENCIES
            .iter()
            .any(|one| one.eq_ignore_ascii_case(currency));
        check(
            known,
            format!(
                "currency: `{currency}` is none of {}",
                CURRENCIES.join(", ")
            ),
        );
        check(
            !self.payment.card_number.trim().is_empty(),
            "payment.cardNumber: missing".to_owned(),
        );
        check(!self.items.is_empty(), "items: there are none".to_owned());
        let count = self.items.len();
        check(
            count <= ITEMS_MAX,
            format!("items: {count}, more than {ITEMS_MAX}"),
        );
        for (index, item) in self.items.iter().enumerate() {
            check(
                !item.sku.trim().is_empty(),
                format!("items[{index}].sku: missing"),
            );
            let (quantity, cents) = (item.quantity, item.unit_price_cents);
            let counts = (1..=QUANTITY_MAX).contains(&quantity);
            check(
                counts,
                format!("items[{index}].quantity: {quantity} is not in 1..={QUANTITY_MAX}"),
            );
            check(
                cents > 0,
                format!("items[{index}].unitPriceCents: {cents} is not above 0"),
            );
        }
        if let Some(code) = &self.coupon_code {
            check(
                percent_off(code).is_some(),
                format!("couponCode: no coupon `{code}`"),
            );
        }
        problems
    }

    /// What the order costs, or nothing if that is no number of 64 bits.
    pub(crate) fn totals(&self) -> Option<Totals> {
        let (mut item_count, mut subtotal_cents) = (0_i64, 0_i64);
        for item in &self.items {
            let cents = item.unit_price_cents.checked_mul(item.quantity)?;
            item_count = item_count.checked_add(item.quantity)?;
            subtotal_cents = subtotal_cents.checked_add(cents)?;
        }
        let percent = self
            .coupon_code
            .as_deref()
            .and_then(percent_off)
            .unwrap_or(0);
        let discount_cents = subtotal_cents.checked_mul(percent)? / 100;
        let total_cents = subtotal_cents.checked_sub(discount_cents)?;
        Some(Totals {
            item_count,
            subtotal_cents,
            discount_cents,
            total_cents,
        })
    }

    /// Tidies the order and notes its totals.
    pub(crate) fn take(&mut self, totals: Totals) {
        self.currency.make_ascii_uppercase();
        self.customer.email = self.customer.email.trim().to_lowercase();
        self.item_count = Some(totals.item_count);
        self.subtotal_cents = Some(totals.subtotal_cents);
        self.discount_cents = Some(totals.discount_cents);
        self.total_cents = Some(totals.total_cents);
    }
}

fn percent_off(code: &str) -> Option<i64> {
    COUPONS
        .iter()
        .find(|(name, _)| *name == code)
        .map(|(_, percent)| *percent)
}

/// Something before and after one `@`, and a dot that is inside of what is after. More than that only
/// a mail server knows.
fn is_mail_address(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else {
        return false;
    };
    let dotted = domain
        .split_once('.')
        .is_some_and(|(host, top)| !host.is_empty() && !top.is_empty());
    !name.is_empty() && dotted && !domain.contains('@') && !text.contains(char::is_whitespace)
}
