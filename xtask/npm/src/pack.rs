//! From the sources to the tarball.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};
use wasm_bindgen_cli_support::Bindgen;

use crate::run::{copy, read, run, write};
use crate::toolchain::{TARGET, Toolchain};
use crate::words::quoted;
use crate::{codes, types, words};

/// What WebAssembly the module may use: what rustc uses by default, which every browser of the last years has.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-multivalue",
    "--enable-reference-types",
];

/// The entries that need the module: the name, and the file of js/ that it shows.
const ENTRIES: [(&str, &str); 4] = [("index", "api"), ("fetch", "fetch"), ("ky", "ky"), ("axios", "axios")];

/// Makes the package and puts its tarball into a folder.
pub(crate) fn pack(out: &Path) -> Result<(), String> {
    let project = Project::find()?;
    project.make()?;
    let out = folder(out)?;
    let package = project.work().join("package");
    run(Command::new("npm").args(["pack", "--silent", "--pack-destination"]).arg(&out).current_dir(&package))
}

/// Makes the page and puts its files into a folder.
pub(crate) fn explorer(out: &Path) -> Result<(), String> {
    let project = Project::find()?;
    project.make()?;
    copy(&project.work().join("explorer"), &folder(out)?)
}

/// A folder, made if need be.
fn folder(path: &Path) -> Result<PathBuf, String> {
    let tell = |error| format!("{}: {error}", path.display());
    fs::create_dir_all(path).map_err(tell)?;
    path.canonicalize().map_err(tell)
}

struct Project {
    root: PathBuf,
    binding: PathBuf,
    target: PathBuf,
    version: String,
}

impl Project {
    fn find() -> Result<Self, String> {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).ok_or("xtask/npm stands in no workspace")?;
        let output =
            Command::new("cargo").args(["metadata", "--format-version", "1", "--no-deps"]).current_dir(root).output();
        let output = output.map_err(|error| format!("cargo metadata: {error}"))?;
        let metadata: Value =
            serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))?;
        let target = metadata["target_directory"].as_str().ok_or("cargo metadata names no target folder")?;
        Ok(Self {
            root: root.to_owned(),
            binding: root.join("bindings/wasm"),
            target: PathBuf::from(target),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }

    /// Where the package and the page are made.
    fn work(&self) -> PathBuf {
        self.target.join("npm")
    }

    fn make(&self) -> Result<(), String> {
        let work = self.work();
        let (sources, package) = (work.join("src"), work.join("package"));
        for folder in [&sources, &package, &work.join("explorer")] {
            if folder.exists() {
                fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
            }
        }
        self.install_tools()?;
        let module = self.module(&sources)?;
        write(&package.join("retriage.wasm"), &module)?;
        copy(&self.binding.join("js"), &sources)?;
        let tags = self.generate(&sources, &module)?;
        self.compile(&work, &package)?;
        self.describe(&package, &tags)?;
        write(&work.join("vectors.json"), self.vectors()?)?;
        self.page(&package, &work.join("explorer"))
    }

    /// The page with the modules of the package that it uses, and the list of its files.
    fn page(&self, package: &Path, page: &Path) -> Result<(), String> {
        copy(&self.binding.join("explorer"), page)?;
        copy(&package.join("esm"), &page.join("retriage"))?;
        let mut files = Vec::new();
        for unused in ["codes", "workerd"] {
            let unused = page.join("retriage").join(unused);
            fs::remove_dir_all(&unused).map_err(|error| format!("{}: {error}", unused.display()))?;
        }
        for file in all_files(page)? {
            let name = file.strip_prefix(page).unwrap_or(&file).to_string_lossy().into_owned();
            let is_used = !name.ends_with(".d.ts") && !name.ends_with("axios.js");
            if is_used {
                files.push(name);
            } else {
                fs::remove_file(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            }
        }
        files.sort();
        files.push("./".to_owned());
        write(&page.join("files.json"), json!(files).to_string())
    }

    /// Installs what package-lock.json says, unless it is there.
    fn install_tools(&self) -> Result<(), String> {
        let time = |file: &str| fs::metadata(self.binding.join(file)).and_then(|found| found.modified()).ok();
        let installed = time("node_modules/.package-lock.json");
        if installed.is_some() && installed >= time("package-lock.json") {
            return Ok(());
        }
        run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&self.binding))
    }

    /// A program of the tools.
    fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(self.binding.join("node_modules/.bin").join(name));
        command.current_dir(&self.root);
        command
    }

    /// Compiles the module; what calls it comes into the folder of sources.
    fn module(&self, sources: &Path) -> Result<Vec<u8>, String> {
        let mut cargo = Toolchain::find()?.cargo();
        cargo.args(["--package", "retriage-wasm", "--profile", "wasm", "--locked", "--target-dir"]).arg(&self.target);
        run(cargo.current_dir(&self.root))?;
        let built = self.target.join(TARGET).join("wasm").join("retriage_wasm.wasm");
        let out = sources.join("wasm");
        let bindgen = |bindgen: &mut Bindgen| {
            let bindgen = bindgen.input_path(&built).out_name("retriage").web(true)?;
            bindgen.omit_default_module_path(true).remove_name_section(true).remove_producers_section(true);
            bindgen.typescript(false).generate(&out)
        };
        bindgen(&mut Bindgen::new()).map_err(|error| format!("wasm-bindgen: {error:#}"))?;
        let bound = out.join("retriage_bg.wasm");
        let small = out.join("retriage.wasm");
        let mut optimizer = self.tool("wasm-opt");
        optimizer.args(["-Oz", "--strip-debug", "--strip-producers"]).args(WASM_FEATURES);
        run(optimizer.arg(&bound).arg("-o").arg(&small))?;
        let module = fs::read(&small).map_err(|error| format!("{}: {error}", small.display()))?;
        for left in ["retriage_bg.wasm", "retriage.wasm"] {
            fs::remove_file(out.join(left)).map_err(|error| format!("{left}: {error}"))?;
        }
        Ok(module)
    }

    /// Writes what is made of the core, codes/ and the module; gives the tags of the languages.
    fn generate(&self, sources: &Path, module: &[u8]) -> Result<Vec<String>, String> {
        let schema = |name: &str| {
            let text = read(&self.root.join("codes").join(name))?;
            serde_json::from_str::<Value>(&text).map_err(|error| format!("{name}: {error}"))
        };
        write(&sources.join("words.ts"), words::module())?;
        let types = types::module(&schema("question.schema.json")?, &schema("answer.schema.json")?)?;
        write(&sources.join("types.ts"), types)?;
        let limit = format!(
            "// Generated from core/ by `cargo xtask pack-npm`.\n\
             /** The longest body that is read unless a question says otherwise, in bytes. */\n\
             export const BODY_LIMIT = {};\n",
            retriage::BODY_LIMIT
        );
        write(&sources.join("limit.ts"), limit)?;
        for (name, text) in codes::modules()? {
            write(&sources.join(name), text)?;
        }
        let inline = format!(
            "// The module as text, made by `cargo xtask pack-npm`.\n\
             import {{ decode, provide }} from \"./instance.js\";\n\n\
             provide(() => decode(\"{}\"));\n",
            literal(module)
        );
        write(&sources.join("inline.ts"), inline)?;
        for (name, shown) in ENTRIES {
            let docs = "// Made by `cargo xtask pack-npm`.\n";
            write(
                &sources.join(format!("{name}.ts")),
                format!("{docs}import \"./inline.js\";\n\nexport * from \"./api/{shown}.js\";\n"),
            )?;
            write(
                &sources.join(format!("workerd/{name}.ts")),
                format!("{docs}import \"./static.js\";\n\nexport * from \"../api/{shown}.js\";\n"),
            )?;
        }
        self.locales(sources)
    }

    /// The vectors for tests in JavaScript: questions as texts, because it can't tell 1.0 from 1.
    fn vectors(&self) -> Result<String, String> {
        let folder = self.root.join("tests/vectors");
        let mut cases = Vec::new();
        let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries {
            let path = entry.map_err(|error| format!("{}: {error}", folder.display()))?.path();
            let file: Value =
                serde_json::from_str(&read(&path)?).map_err(|error| format!("{}: {error}", path.display()))?;
            for case in file["cases"].as_array().into_iter().flatten() {
                let text = case["text"].as_str().map_or_else(|| case["question"].to_string(), str::to_owned);
                let name = format!("{}: {}", path.file_stem().unwrap_or_default().display(), case["name"]);
                cases.push(json!({ "name": name, "text": text, "answer": case["answer"] }));
            }
        }
        Ok(Value::Array(cases).to_string())
    }

    /// One module a language, and the table of them.
    fn locales(&self, sources: &Path) -> Result<Vec<String>, String> {
        let folder = self.root.join("codes/messages");
        let mut tags = Vec::new();
        let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries {
            let path = entry.map_err(|error| format!("{}: {error}", folder.display()))?.path();
            let tag = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
            if tag != retriage::ENGLISH {
                tags.push(tag);
            }
        }
        tags.sort();
        for tag in &tags {
            let name = format!("{tag}.json");
            let mut texts: Map<String, Value> =
                serde_json::from_str(&read(&folder.join(&name))?).map_err(|error| format!("{name}: {error}"))?;
            texts.remove("$schema");
            let text = Value::Object(texts).to_string();
            let module = format!(
                "// Generated from codes/messages/{name} by `cargo xtask pack-npm`.\n\
                 import {{ learn }} from \"../registry.js\";\n\nlearn({}, {});\n",
                quoted(tag),
                quoted(&text)
            );
            write(&sources.join(format!("locales/{tag}.ts")), module)?;
        }
        let loaders: Vec<String> =
            tags.iter().map(|tag| format!("  {}: () => import(\"./locales/{tag}.js\"),", quoted(tag))).collect();
        let table = format!(
            "// Generated from codes/messages by `cargo xtask pack-npm`.\n\
             /** The languages besides English, and what loads them. */\n\
             export const LOADERS = {{\n{}\n}};\n",
            loaders.join("\n")
        );
        write(&sources.join("loaders.ts"), table)?;
        Ok(tags)
    }

    /// Compiles the sources twice: to modules, and to what `require` reads.
    fn compile(&self, work: &Path, package: &Path) -> Result<(), String> {
        // The types of axios.
        let axios = self.binding.join("node_modules/axios");
        let common = json!({
            "target": "es2022",
            "lib": ["es2024", "dom", "dom.iterable", "dom.asynciterable"],
            "types": [],
            "module": "nodenext",
            "moduleResolution": "nodenext",
            "rootDir": "src",
            "strict": true,
            "stripInternal": true,
            "noUncheckedIndexedAccess": true,
            "noImplicitOverride": true,
            "exactOptionalPropertyTypes": true,
            "verbatimModuleSyntax": false,
            "skipLibCheck": false,
            "allowJs": true,
            "checkJs": false,
        });
        let commonjs = json!({ "type": "commonjs" }).to_string();
        let builds = [
            ("esm", json!({ "type": "module" }).to_string(), json!(["src/**/*"]), json!([])),
            ("cjs", commonjs.clone(), json!(["src/**/*"]), json!(["src/workerd"])),
        ];
        for (name, kind, include, exclude) in builds {
            write(&work.join("src/package.json"), kind)?;
            // Comments go with the types, where editors show them.
            for (part, declaration) in [("code", false), ("types", true)] {
                let mut options = common.clone();
                options["outDir"] = json!(format!("package/{name}"));
                options["declaration"] = json!(declaration);
                options["emitDeclarationOnly"] = json!(declaration);
                options["removeComments"] = json!(!declaration);
                let types = if name == "esm" { "index.d.ts" } else { "index.d.cts" };
                options["paths"] = json!({ "axios": [axios.join(types)] });
                let file = work.join(format!("tsconfig.{name}.{part}.json"));
                let config = json!({ "compilerOptions": options, "include": include, "exclude": exclude });
                write(&file, config.to_string())?;
                run(self.tool("tsc").arg("-p").arg(&file))?;
            }
        }
        write(&package.join("cjs/package.json"), commonjs)
    }

    /// The rest of the package: package.json, what `import` finds in Node, the README and the licences.
    fn describe(&self, package: &Path, tags: &[String]) -> Result<(), String> {
        let text = read(&self.binding.join("package.json"))?;
        let mut manifest: Map<String, Value> =
            serde_json::from_str(&text).map_err(|error| format!("package.json: {error}"))?;
        for of_ours in ["private", "devDependencies", "scripts"] {
            manifest.remove(of_ours);
        }
        manifest.insert("version".to_owned(), json!(self.version));
        let mut exports = Vec::new();
        let mut effects = vec!["./esm/inline.js".to_owned(), "./esm/workerd/static.js".to_owned()];
        for (name, shown) in ENTRIES {
            let (public, slim, shown) = match name {
                "index" => (".".to_owned(), "./slim".to_owned(), "slim"),
                name => (format!("./{name}"), format!("./slim/{name}"), shown),
            };
            let mut conditions = vec![("workerd".to_owned(), one(&format!("esm/workerd/{name}")))];
            conditions.extend(self.in_node(package, name)?);
            exports.push((public, object(&conditions)));
            exports.push((slim, object(&self.in_node(package, &format!("api/{shown}"))?)));
            for condition in ["esm", "esm/workerd", "node", "cjs"] {
                effects.push(format!("./{condition}/{name}.js"));
            }
        }
        effects.push("./cjs/inline.js".to_owned());
        for tag in tags {
            let module = format!("locales/{tag}");
            exports.push((format!("./{module}"), object(&self.in_node(package, &module)?)));
            for condition in ["esm", "node", "cjs"] {
                effects.push(format!("./{condition}/{module}.js"));
            }
        }
        // Plain tables: there is no instance to share, and a bundle for Node should be tree-shaken, too.
        for (public, module) in [("./codes", "codes/index"), ("./words", "words")] {
            let conditions = [("require", one(&format!("cjs/{module}"))), ("default", one(&format!("esm/{module}")))];
            exports.push((public.to_owned(), object(&conditions.map(|(name, found)| (name.to_owned(), found)))));
        }
        for file in ["./retriage.wasm", "./package.json"] {
            exports.push((file.to_owned(), quoted(file)));
        }
        manifest.insert("main".to_owned(), json!("./cjs/index.js"));
        manifest.insert("module".to_owned(), json!("./esm/index.js"));
        manifest.insert("types".to_owned(), json!("./esm/index.d.ts"));
        manifest.insert("sideEffects".to_owned(), json!(effects));
        // Conditions are tried in the order in which they stand, which serde_json's map doesn't keep.
        let mut members: Vec<(String, String)> =
            manifest.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
        members.push(("exports".to_owned(), object(&exports)));
        write(&package.join("package.json"), object(&members) + "\n")?;
        write(&package.join("README.md"), read(&self.binding.join("README.md"))?)?;
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            write(&package.join(licence), read(&self.root.join(licence))?)?;
        }
        Ok(())
    }

    /// The conditions of an entry outside workerd. In Node `import` shows what `require` has loaded, so that there is
    /// one instance.
    fn in_node(&self, package: &Path, module: &str) -> Result<Conditions, String> {
        let depth = "../".repeat(module.matches('/').count() + 1);
        write(&package.join(format!("node/{module}.js")), format!("export * from \"{depth}cjs/{module}.js\";\n"))?;
        let import = [("types", format!("./esm/{module}.d.ts")), ("default", format!("./node/{module}.js"))];
        let import = object(&import.map(|(name, file)| (name.to_owned(), quoted(&file))));
        let node = [("import".to_owned(), import), ("require".to_owned(), one(&format!("cjs/{module}")))];
        Ok(vec![("node".to_owned(), object(&node)), ("default".to_owned(), one(&format!("esm/{module}")))])
    }
}

/// The files in a folder and those below it.
fn all_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let tell = |error| format!("{}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(tell)? {
        let path = entry.map_err(tell)?.path();
        if path.is_dir() {
            files.extend(all_files(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

/// Conditions and what they lead to, as JSON.
type Conditions = Vec<(String, String)>;

/// A JSON object of members that are JSON, in their order.
fn object(members: &[(String, String)]) -> String {
    let members: Vec<String> = members.iter().map(|(name, value)| format!("{}: {value}", quoted(name))).collect();
    format!("{{ {} }}", members.join(",\n"))
}

/// A module and its types.
fn one(module: &str) -> String {
    let members = [("types", format!("./{module}.d.ts")), ("default", format!("./{module}.js"))];
    object(&members.map(|(name, file)| (name.to_owned(), quoted(&file))))
}

/// Bytes as a text of JavaScript, one character each. It is sent in a fifth less than base64, because what repeats in
/// the bytes repeats in the text. Escaped is what ends a text, and what a page may not hold where it holds a script.
fn literal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 5 / 4);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            // A digit would make another character of it.
            0 if bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => text.push_str("\\x00"),
            0 => text.push_str("\\0"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            b'<' => text.push_str("\\x3C"),
            byte => text.push(char::from(*byte)),
        }
    }
    text
}
