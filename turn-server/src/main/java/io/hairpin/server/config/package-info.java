/// What an operator may set: records that check themselves, and the loader that fills them from
/// YAML and the environment.
///
/// One record component is one key: its name in kebab case, its default beside it, its rules in
/// the record's constructor. Loader, environment, effective configuration and suggestions all read
/// the components, so a key is added in one place.
@NullMarked
package io.hairpin.server.config;

import org.jspecify.annotations.NullMarked;
