using System.Globalization;
using AiAssignments.Core.Errors;
using Microsoft.Extensions.Configuration;

namespace AiAssignments.Azure.Hosting;

/// <summary>Whole numbers in settings.</summary>
internal static class SettingNumbers
{
    /// <exception cref="ProblemException"><c>option-invalid</c>.</exception>
    public static long Whole(IConfiguration configuration, string name, long least, long most, long usual) =>
        configuration[name] is not { Length: > 0 } text ? usual
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new ProblemException(
            "option-invalid", string.Create(CultureInfo.InvariantCulture, $"{name.Replace(":", "__", StringComparison.Ordinal)} is '{(text.Length > 40 ? text[..40] : text)}'; it must be a whole number from {least} to {most}."));
}
