namespace AiAssignments.Tests.Embedded.Workflows;

/// <summary>Waiting for a condition that other threads bring about: the test ends as soon as it holds, and fails when it does not come.</summary>
internal static class Signals
{
    public static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task UntilAsync(Func<bool> holds)
    {
        for (var tries = 0; !holds(); tries++)
        {
            Assert.True(tries < 10_000, "The condition did not come to hold.");
            await Task.Delay(1);
        }
    }

    public static async Task<string> Forever(CancellationToken token)
    {
        await Task.Delay(Timeout.Infinite, token);
        return "never";
    }
}
