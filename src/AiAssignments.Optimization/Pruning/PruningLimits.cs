using System.Globalization;
using AiAssignments.Core.Errors;

namespace AiAssignments.Optimization.Pruning;

/// <summary>Checks what a caller asked for, and writes it as lineage does.</summary>
internal static class PruningLimits
{
    /// <exception cref="ProblemException"><c>pruning-option</c>.</exception>
    public static void CheckAmount(double amount)
    {
        if (!(amount is > 0 and < 1))
        {
            throw new ProblemException("pruning-option", string.Create(CultureInfo.InvariantCulture, $"The amount is {amount}; it must be above 0 and below 1."));
        }
    }

    /// <summary>The shortest text that reads back as the same number.</summary>
    public static string Text(double amount) => amount.ToString("R", CultureInfo.InvariantCulture);

    /// <summary><c>round(amount * count)</c>, halves to the even number, as IEEE 754 rounds.</summary>
    public static long Share(double amount, long count) => (long)Math.Round(amount * count, MidpointRounding.ToEven);
}
