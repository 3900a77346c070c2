"""Eclipse CDT's .project and .cproject: a configuration for each board, built by scons, with build targets.

Configurations and targets go by their names: one that is there stays as it is, and so does all else.
"""

import shlex
import zlib
from pathlib import Path
from xml.dom import minidom
from xml.parsers.expat import ExpatError

from .. import files
from ..errors import BaremetalError

_PROJECT = """<?xml version="1.0" encoding="UTF-8"?>
<projectDescription>
\t<name>{name}</name>
\t<comment></comment>
\t<projects/>
\t<buildSpec/>
\t<natures/>
</projectDescription>
"""

_BUILDERS = ("org.eclipse.cdt.managedbuilder.core.genmakebuilder", "org.eclipse.cdt.managedbuilder.core.ScannerConfigBuilder")
_NATURES = (
    "org.eclipse.cdt.core.cnature",
    "org.eclipse.cdt.managedbuilder.core.managedBuildNature",
    "org.eclipse.cdt.managedbuilder.core.ScannerConfigNature",
)

_CPROJECT = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<?fileVersion 4.0.0?>
<cproject storage_type_id="org.eclipse.cdt.core.XmlProjectDescriptionStorage">
\t<storageModule moduleId="org.eclipse.cdt.core.settings"/>
\t<storageModule moduleId="cdtBuildSystem" version="4.0.0">
\t\t<project id={id} name={name}/>
\t</storageModule>
\t<storageModule moduleId="org.eclipse.cdt.make.core.buildtargets">
\t\t<buildTargets/>
\t</storageModule>
</cproject>
"""

_KINDS = {
    "toolchain": "org.eclipse.cdt.build.core.prefbase.toolchain",
    "platform": "org.eclipse.cdt.build.core.prefbase.toolchain.platform",
    "builder": "org.eclipse.cdt.build.core.settings.default.builder",
    "libraries": "org.eclipse.cdt.build.core.settings.holder.libs",
}

_CONFIGURATION = """<cconfiguration id={id}>
<storageModule buildSystemId="org.eclipse.cdt.managedbuilder.core.configurationDataProvider" id={id} moduleId="org.eclipse.cdt.core.settings" name={label}>
<externalSettings/>
<extensions>
<extension id="org.eclipse.cdt.core.ELF" point="org.eclipse.cdt.core.BinaryParser"/>
<extension id="org.eclipse.cdt.core.GCCErrorParser" point="org.eclipse.cdt.core.ErrorParser"/>
<extension id="org.eclipse.cdt.core.GASErrorParser" point="org.eclipse.cdt.core.ErrorParser"/>
<extension id="org.eclipse.cdt.core.GLDErrorParser" point="org.eclipse.cdt.core.ErrorParser"/>
</extensions>
</storageModule>
<storageModule moduleId="cdtBuildSystem" version="4.0.0">
<configuration artifactName="${{ProjName}}" buildProperties="" description="" id={id} name={label} parent="org.eclipse.cdt.build.core.prefbase.cfg">
<folderInfo id={folder} name="/" resourcePath="">
<toolChain id={toolchain} name="No ToolChain" resourceTypeBasedDiscovery="false" superClass="org.eclipse.cdt.build.core.prefbase.toolchain">
<targetPlatform id={platform} name=""/>
<builder arguments={arguments} autoBuildTarget="" buildPath="${{ProjDirPath}}" cleanBuildTarget="-c" command={command} enableAutoBuild="false" enableCleanBuild="true" enabledIncrementalBuild="true" id={builder} incrementalBuildTarget="" keepEnvironmentInBuildfile="false" managedBuildOn="false" name="SCons" superClass="org.eclipse.cdt.build.core.settings.default.builder"/>
<tool id={libraries} name="holder for library settings" superClass="org.eclipse.cdt.build.core.settings.holder.libs"/>
</toolChain>
</folderInfo>
</configuration>
</storageModule>
<storageModule moduleId="org.eclipse.cdt.core.externalSettings"/>
</cconfiguration>"""

_TARGET = """<target name={name} path="" targetID="org.eclipse.cdt.build.MakeTargetBuilder">
<buildCommand>{command}</buildCommand>
<buildArguments>{arguments}</buildArguments>
<buildTarget>{target}</buildTarget>
<stopOnError>true</stopOnError>
<useDefaultCommand>false</useDefaultCommand>
<runAllBuilders>true</runAllBuilders>
</target>"""


def write(folder, project):
    """Adds what project needs to folder's .project and .cproject; the names of those that it changed."""
    documents = {".project": (_PROJECT, _add_natures), ".cproject": (_CPROJECT, _add_configuration)}
    texts = {}
    for name, (empty, add) in documents.items():
        path = Path(folder, name)
        fresh = not path.exists()
        escaped = (
            _attributes(id=f"{project.name}.null.1", name=project.name) if name == ".cproject" else {"name": _text(project.name)}
        )
        document = minidom.parseString(empty.format(**escaped)) if fresh else _parse(path)
        if add(document, project) or fresh:
            texts[path] = document.toxml(encoding="UTF-8") + b"\n"
    for path, text in texts.items():  # none, where one cannot be read
        files.replace(path, text)
    return [path.name for path in texts]


def _parse(path):
    try:
        return minidom.parse(str(path))
    except ExpatError as error:
        raise BaremetalError(f"{path.name}: {error}. Mend it, or remove the file to have it written anew.") from error


def _add_natures(document, project):
    """Makes the project one of C, built by CDT; whether that changed anything."""
    there = {_content(node) for kind in ("name", "nature") for node in document.getElementsByTagName(kind)}
    missing = [nature for nature in _NATURES if nature not in there]
    for nature in missing:
        _append(document, _child(document, "natures"), f"<nature>{nature}</nature>")
    builders = [builder for builder in _BUILDERS if builder not in there]
    for builder in builders:
        command = f"<buildCommand><name>{builder}</name><arguments/></buildCommand>"
        _append(document, _child(document, "buildSpec"), command)
    return bool(missing or builders)


def _add_configuration(document, project):
    """Adds the board's configuration and targets; whether any was missing."""
    label = " ".join(project.arguments) or "Default"
    there = {node.getAttribute("name") for kind in ("configuration", "target") for node in document.getElementsByTagName(kind)}
    command, *words = project.command("${ProjDirPath}")
    arguments = " ".join([*map(shlex.quote, words), *project.arguments])
    changed = label not in there
    if changed:
        number = zlib.crc32(label.encode())  # Eclipse's own are random
        ids = {"id": f"0.{number}", "folder": f"0.{number}.", **{name: f"{kind}.{number}" for name, kind in _KINDS.items()}}
        text = _CONFIGURATION.format(**_attributes(label=label, command=command, arguments=arguments, **ids))
        _append(document, _module(document, "org.eclipse.cdt.core.settings"), text)
    for verb, targets in project.targets[1:]:
        name = project.label(verb)
        if name not in there:
            text = _TARGET.format(
                **_attributes(name=name), command=_text(command), arguments=_text(arguments), target=_text(*targets)
            )
            targets_of = _module(document, "org.eclipse.cdt.make.core.buildtargets")
            _append(document, _child(document, "buildTargets", targets_of), text)
            changed = True
    return changed


def _module(document, name):
    """The storage module of that name, made where it is missing."""
    root = document.documentElement
    for node in root.childNodes:
        if node.nodeName == "storageModule" and node.getAttribute("moduleId") == name:
            return node
    return _append(document, root, f'<storageModule moduleId="{name}"/>')


def _child(document, name, parent=None):
    parent = parent or document.documentElement
    return next((node for node in parent.childNodes if node.nodeName == name), None) or _append(document, parent, f"<{name}/>")


def _append(document, parent, text):
    node = document.importNode(minidom.parseString(text).documentElement, deep=True)
    parent.appendChild(document.createTextNode("\n"))
    parent.appendChild(node)
    parent.appendChild(document.createTextNode("\n"))
    return node


def _content(node):
    return "".join(child.data for child in node.childNodes if child.nodeType == child.TEXT_NODE).strip()


def _attributes(**values):
    from xml.sax.saxutils import quoteattr  # here: with it come the modules of the Web, of which a null build has no use

    return {name: quoteattr(value) for name, value in values.items()}


def _text(value):
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
