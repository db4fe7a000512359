using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Optimizations.Passes;

/// <summary>What the specifications of passes refuse.</summary>
internal static class SpecCheck
{
    private const int MostPatterns = 1000;
    private const int LongestPattern = 1000;

    /// <exception cref="ProblemException"><c>option-invalid</c>.</exception>
    public static void OneOf(string? value, string name, params ReadOnlySpan<string> known)
    {
        if (value is null || !known.Contains(value))
        {
            throw new ProblemException("option-invalid", $"{name} is '{(value?.Length > 40 ? value[..40] + "..." : value)}'; use {string.Join(", ", known.ToArray())}.");
        }
    }

    /// <exception cref="ProblemException"><c>option-out-of-range</c>.</exception>
    public static void Within(bool holds, string name, object value, string allowed)
    {
        if (!holds)
        {
            throw new ProblemException("option-out-of-range", FormattableString.Invariant($"{name} is {value}; it must be {allowed}."));
        }
    }

    /// <summary>An option that says nothing here is refused, so that nobody believes it did something.</summary>
    /// <exception cref="ProblemException"><c>option-invalid</c>.</exception>
    public static void Only(bool isUsual, string name, string mode)
    {
        if (!isUsual)
        {
            throw new ProblemException("option-invalid", $"{name} says nothing to {mode}; leave it out.");
        }
    }

    /// <exception cref="ProblemException"><c>option-invalid</c>.</exception>
    public static void Patterns(IReadOnlyList<string>? patterns, string name)
    {
        if (patterns is null || patterns.Count > MostPatterns || patterns.Any(pattern => pattern is null || pattern.Length is 0 or > LongestPattern))
        {
            throw new ProblemException("option-invalid", $"{name} takes up to {MostPatterns} names of 1 to {LongestPattern} characters.");
        }
    }
}
