namespace AiAssignments.CrashHost;

/// <summary>Something that runs to its end over any number of killed processes.</summary>
public interface IScenario
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>Starts it, or goes on with it, in <paramref name="stage"/>, and returns what it found in the end, as one line: the same for a run that was killed and one that was not.</summary>
    Task<string> RunAsync(Stage stage, CancellationToken cancellationToken);
}
