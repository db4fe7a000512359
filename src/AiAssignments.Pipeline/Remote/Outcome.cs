using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Remote;

/// <summary>How an attempt ended.</summary>
internal enum OutcomeKind
{
    /// <summary>With what was asked for.</summary>
    Answered,

    /// <summary>With a refusal that every server would give.</summary>
    Refused,

    /// <summary>With a full queue: another server may have room.</summary>
    Full,

    /// <summary>Without inference: the server stops, or does not have the model ready.</summary>
    Unavailable,

    /// <summary>Without an answer: the connection could not be made or broke. Inference changes nothing, so that it may have run does not matter.</summary>
    Broken,
}

/// <summary>An attempt's end.</summary>
/// <param name="Kind">How.</param>
/// <param name="Value">Set when answered.</param>
/// <param name="Problem">Set otherwise.</param>
internal sealed record Outcome<T>(OutcomeKind Kind, T? Value, ProblemException? Problem)
{
    /// <summary>For <see cref="OutcomeKind.Broken"/>: the request was on its way.</summary>
    public bool Sent { get; init; }

    /// <summary>Whether no other server would do better.</summary>
    public bool Final => Kind is OutcomeKind.Answered or OutcomeKind.Refused;
}
