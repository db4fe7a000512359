using System.Text.RegularExpressions;

namespace AiAssignments.Inference.Serving.Tensors;

/// <summary>
/// Tells by ONNX Runtime's message that a value of an input is none that the graph knows: what its CPU kernels for Gather and its kin say, and for the
/// embedding that its transformer optimizer makes.
/// </summary>
internal static partial class UnknownId
{
    /// <summary>What to tell the caller, without the graph's names; <c>null</c> when the message is about something else.</summary>
    public static string? Read(string message)
    {
        if (Bounded().Match(message) is { Success: true } found)
        {
            return $"one of its values is {found.Groups[1].Value}, and the model knows 0 to {found.Groups[2].Value}";
        }

        return Unbounded().IsMatch(message) ? "one of its values is none that the model knows" : null;
    }

    [GeneratedRegex(@"idx=(-?\d{1,20}) must be within the inclusive range \[-?\d{1,20},\s*(\d{1,20})\]", RegexOptions.CultureInvariant)]
    private static partial Regex Bounded();

    [GeneratedRegex("indices element out of data bounds|input index out of range|invalid index found", RegexOptions.CultureInvariant)]
    private static partial Regex Unbounded();
}
