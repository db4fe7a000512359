using System.Globalization;
using AiAssignments.Core.Errors;

namespace AiAssignments.LoadTesting;

/// <summary>Lengths of time as a command line has them.</summary>
public static class TimeText
{
    /// <summary>Reads a length of time: a number and <c>ms</c>, <c>s</c>, <c>m</c> or <c>h</c>, for example <c>1.5s</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The option's name, for messages.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>.</exception>
    public static TimeSpan Parse(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var (unit, milliseconds) in ((string, double)[])[("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)])
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * milliseconds <= TimeSpan.FromDays(1).TotalMilliseconds)
            {
                return TimeSpan.FromMilliseconds(number * milliseconds);
            }
        }

        throw new ProblemException("option-invalid", $"{name} is '{(text.Length > 40 ? text[..40] + "…" : text)}'; it must be a number and ms, s, m or h, for example 30s, and a day at most.");
    }
}
