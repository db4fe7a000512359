namespace AiAssignments.Inference.Protocol.Wire;

/// <summary>A parameter's value: exactly one of these is set.</summary>
/// <param name="Flag">A boolean.</param>
/// <param name="Number">A whole number.</param>
/// <param name="Real">Any other number.</param>
/// <param name="Text">A string.</param>
public readonly record struct ParameterValue(bool? Flag, long? Number, double? Real, string? Text)
{
    /// <summary>A boolean.</summary>
    /// <param name="value">The value.</param>
    public static ParameterValue Of(bool value) => new(value, null, null, null);

    /// <summary>A whole number.</summary>
    /// <param name="value">The value.</param>
    public static ParameterValue Of(long value) => new(null, value, null, null);

    /// <summary>Any number.</summary>
    /// <param name="value">The value.</param>
    public static ParameterValue Of(double value) => new(null, null, value, null);

    /// <summary>A string.</summary>
    /// <param name="value">The value.</param>
    public static ParameterValue Of(string value) => new(null, null, null, value);
}
