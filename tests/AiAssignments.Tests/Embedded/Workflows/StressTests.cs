using System.Collections.Concurrent;
using System.Globalization;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Tests.Embedded.Workflows;

public sealed class StressTests
{
    // Many instances of random shape, stopped, cancelled, failed and restarted at random; in the end each has the result that its shape says.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Instances_of_any_shape_come_to_their_result_through_restarts_and_cancels(int seed)
    {
        var random = new Random(seed);
        var failures = new ConcurrentDictionary<string, int>();
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.MaxConcurrentActivities = 5;
            b.Script = ShapeAsync;
            b.Inner = ShapeAsync;
            b.Work = async (input, token) =>
            {
                await Task.Yield();
                token.ThrowIfCancellationRequested();

                // Some fail on their first try.
                if (Value(input) % 7 == 0 && failures.AddOrUpdate(input, 1, (_, n) => n + 1) == 1)
                {
                    throw new InvalidOperationException("first try");
                }

                return Square(input);
            };
        });
        string[] ids = [.. Enumerable.Range(0, 25).Select(i => $"i{i}")];
        for (var round = 0; round < 4; round++)
        {
            foreach (var id in ids)
            {
                await bench.StartAsync(id, id[1..]);
            }

            await Task.WhenAll(ids.Where(_ => random.Next(5) == 0).ToArray().Select(id => bench.Engine.CancelAsync(id, default)));
            await bench.RestartAsync();
        }

        foreach (var id in ids)
        {
            await bench.StartAsync(id, id[1..]);
            var state = await bench.WaitAsync(id);
            Assert.Null(state.Problem);
            Assert.Equal(Expected(Value(id[1..])), state.Output!.Value.GetString());
        }
    }

    private static int Value(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Square(string text) => (Value(text) * Value(text)).ToString(CultureInfo.InvariantCulture);

    private static int[] Parts(int shape) => [.. Enumerable.Range(1, 1 + (shape * 5 % 9)).Select(i => (shape * 100) + i)];

    private static string Expected(int shape)
    {
        var sum = Parts(shape).Sum(part => part * part);
        return shape % 3 == 0 && shape > 0 ? $"{sum}+{Expected(shape / 3)}" : $"{sum}";
    }

    private static async Task<string> ShapeAsync(IWorkflowContext context, string input)
    {
        var shape = Value(input);
        var retry = new RetryPolicy(3, TimeSpan.FromTicks(10), 1, TimeSpan.FromTicks(10));
        string[] parts = [.. Parts(shape).Select(part => part.ToString(CultureInfo.InvariantCulture))];
        var inner = shape % 3 == 0 && shape > 0
            ? context.CallWorkflowAsync<InnerWorkflow, string, string>((shape / 3).ToString(CultureInfo.InvariantCulture))
            : null;
        var squares = await context.FanOutAsync<WorkActivity, string, string>(parts, 1 + (shape % 4), done => context.SetCustomStatus(new { done }), retry);
        await context.DelayAsync(TimeSpan.FromTicks(shape));
        var sum = squares.Sum(Value).ToString(CultureInfo.InvariantCulture);
        return inner is null ? sum : $"{sum}+{await inner}";
    }
}
