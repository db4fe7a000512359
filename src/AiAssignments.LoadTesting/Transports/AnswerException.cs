namespace AiAssignments.LoadTesting.Transports;

/// <summary>An answer breaks its protocol or a limit.</summary>
internal sealed class AnswerException(string message) : Exception(message);
