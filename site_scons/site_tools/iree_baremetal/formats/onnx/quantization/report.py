"""What quantization costs, as `loss.report` found it, in lines for people. Needs no package."""


def text(report):
    """The report in lines for people."""
    lines = []
    for name, found in report["on"].items():
        what = "the calibration data" if name == "calibration" else "inputs="
        lines.append(f"int8 beside float, on {found['calls']} samples of {what}:")
        for output in found["outputs"]:
            top = "" if output["top"] is None else f"top answer equal in {output['top']:.1%}, "
            lines.append(
                f"  {output['name']}: {top}signal to noise {output['snr']:.1f} dB, "
                f"difference {output['mean']:.3g} on average, {output['largest']:.3g} at most"
            )
        if "accuracy" in found:
            lines.append("  accuracy by the labels: {:.1%} in float, {:.1%} quantized".format(*found["accuracy"]))
    losing = [layer for layer in report["layers"] if layer["added"] > 0][:5]
    if losing:
        lines.append("layers that add most noise (noise over signal; its output's signal to noise):")
        lines += [f"  {layer['node']} ({layer['operator']}): {layer['added']:.2g}; {layer['snr']:.1f} dB" for layer in losing]
        lines.append(f"to keep the first in float: quantize_keep={losing[0]['node']}")
    for name in report["unused"]:
        lines.append(f"array {name} of {report['calibration']} feeds no input: left out")
    for name in report.get("border", []):
        lines.append(f"{name} stays as it is at the border: it is not quantized there")
    return "\n".join(lines)
