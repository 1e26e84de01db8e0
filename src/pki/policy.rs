//! Certificate policies as a graph (RFC 9618, which replaces the tree of RFC 5280, 6.1.2 to 6.1.5, with
//! a structure of linear size and the same outcome).

use super::extension::{ANY_POLICY, Extensions};
use std::collections::{BTreeMap, BTreeSet};

/// A policy at one depth: the policies of the depth above that lead to it. Empty: anyPolicy leads to it.
type Parents = BTreeSet<String>;

/// The policies valid at one depth.
#[derive(Clone, Debug, Default)]
struct Level {
    nodes: BTreeMap<String, Parents>,
    any: bool,
}

/// Policies along a path, from the anchor down.
#[derive(Clone, Debug)]
pub(super) struct PolicyGraph {
    /// Finished levels.
    levels: Vec<Level>,
    /// The level in the making.
    current: Level,
}

impl PolicyGraph {
    pub(super) fn new() -> Self {
        Self { levels: Vec::new(), current: Level { nodes: BTreeMap::new(), any: true } }
    }

    /// No policy is valid any more (valid_policy_tree is NULL).
    pub(super) fn is_empty(&self) -> bool {
        self.current.nodes.is_empty() && !self.current.any
    }

    /// RFC 5280, 6.1.3 (d) and (e): takes in the policies of a certificate.
    pub(super) fn certificate(&mut self, policies: Option<&[String]>, any_allowed: bool) {
        let Some(policies) = policies else {
            self.current = Level::default();
            return;
        };
        let has_any = policies.iter().any(|policy| policy == ANY_POLICY) && any_allowed;
        let before_any = self.current.any;
        if !has_any {
            let wanted: BTreeSet<&String> = policies.iter().collect();
            self.current.nodes.retain(|policy, _| wanted.contains(policy));
            self.current.any = false;
        }
        if before_any {
            for policy in policies.iter().filter(|policy| *policy != ANY_POLICY) {
                self.current.nodes.entry(policy.clone()).or_default();
            }
        }
    }

    /// RFC 5280, 6.1.4 (b): applies the mappings of an intermediate certificate and starts the next
    /// level.
    pub(super) fn mappings(&mut self, extensions: &Extensions, allowed: bool) {
        let mut targets: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
        for (from, to) in &extensions.policy_mappings {
            targets.entry(from).or_default().insert(to);
        }
        if allowed {
            if self.current.any {
                for from in targets.keys() {
                    self.current.nodes.entry((*from).clone()).or_default();
                }
            }
        } else {
            self.current.nodes.retain(|policy, _| !targets.contains_key(policy));
            targets.clear();
        }
        let mut next = Level { nodes: BTreeMap::new(), any: self.current.any };
        for policy in self.current.nodes.keys() {
            let itself = BTreeSet::from([policy]);
            for target in targets.get(policy).unwrap_or(&itself) {
                next.nodes.entry((*target).clone()).or_default().insert(policy.clone());
            }
        }
        self.levels.push(std::mem::replace(&mut self.current, next));
    }

    /// RFC 5280, 6.1.5 (g): whether a policy of the user's set (`None`: any) is valid for the path.
    pub(super) fn satisfies(&self, wanted: Option<&BTreeSet<String>>) -> bool {
        let Some(wanted) = wanted else { return !self.is_empty() };
        if self.current.any {
            return true;
        }
        // Up from the last level: a policy without parents hangs on anyPolicy, so it is the authority's
        // own and may be asked for.
        let mut reached: BTreeSet<&String> = self.current.nodes.keys().collect();
        let mut level = &self.current;
        for above in self.levels.iter().rev().map(Some).chain([None]) {
            let mut parents = BTreeSet::new();
            for policy in &reached {
                match level.nodes.get(*policy) {
                    Some(set) if set.is_empty() && wanted.contains(*policy) => return true,
                    Some(set) => parents.extend(set),
                    None => {}
                }
            }
            let Some(above) = above else { break };
            reached = parents;
            level = above;
        }
        false
    }
}
