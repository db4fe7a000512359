namespace AiAssignments.Tests.Support;

/// <summary>A fact that ONNX's own checker decides; skipped, with the reason, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnnxCheckerFactAttribute : FactAttribute
{
    public OnnxCheckerFactAttribute() => Skip = OnnxChecker.IsHere ? null : "needs ONNX's own checker: apt-get install python3-onnx (/usr/bin/python3 -c 'import onnx')";
}
