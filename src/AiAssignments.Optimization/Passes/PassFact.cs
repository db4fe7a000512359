namespace AiAssignments.Optimization.Passes;

/// <summary>One number that a pass found or made.</summary>
/// <param name="Name">A stable name in kebab-case, for example <c>weights-quantized</c>.</param>
/// <param name="Value">The number, or a word where the fact is none (<c>avx2</c>).</param>
/// <param name="Unit">Its unit, for example <c>bytes</c> or <c>nodes</c>; empty when it has none.</param>
public sealed record PassFact(string Name, string Value, string Unit = "")
{
    /// <summary>A whole number.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The number.</param>
    /// <param name="unit">Its unit.</param>
    public static PassFact Of(string name, long value, string unit = "") => new(name, value.ToString(System.Globalization.CultureInfo.InvariantCulture), unit);

    /// <summary>A number, written so that it reads back as the same one.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The number.</param>
    /// <param name="unit">Its unit.</param>
    public static PassFact Of(string name, double value, string unit = "") => new(name, value.ToString("R", System.Globalization.CultureInfo.InvariantCulture), unit);
}
