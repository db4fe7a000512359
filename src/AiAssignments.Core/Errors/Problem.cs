namespace AiAssignments.Core.Errors;

/// <summary>An error that a caller can cause and can mend: what is wrong, where, and what to do.</summary>
/// <param name="Code">A stable identifier in kebab-case, for example <c>dataset-empty</c>. Programs may match on it.</param>
/// <param name="Message">One sentence (or two) that says what was found and what is needed. Never a stack trace.</param>
/// <param name="Where">The place in the input, for example a path, <c>line 7</c> or <c>byte 3073</c>; <c>null</c> when the whole input is meant.</param>
public sealed record Problem(string Code, string Message, string? Where = null)
{
    /// <inheritdoc />
    public override string ToString() => Where is null ? $"{Message} [{Code}]" : $"{Where}: {Message} [{Code}]";
}
