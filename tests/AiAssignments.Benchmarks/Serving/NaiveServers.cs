using System.Threading.Channels;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Benchmarks.Serving;

/// <summary>What one writes first: one request at a time on all cores, ONNX Runtime's defaults.</summary>
internal sealed class OneAtATime(ServedShape shape, InferenceSession session) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);

    public async Task<float> AskAsync(string text)
    {
        var ids = shape.Ids(text);
        await gate.WaitAsync().ConfigureAwait(false);
        try
        {
            return await Task.Run(() => BareBatch.Run(session, [ids])[0]).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();
}

/// <summary>The usual second version: whatever waits is one batch, padded to its longest text.</summary>
internal sealed class WhateverWaits : IAsyncDisposable
{
    private readonly ServedShape shape;
    private readonly Channel<(int[] Ids, TaskCompletionSource<float> Answer)> waiting = Channel.CreateUnbounded<(int[], TaskCompletionSource<float>)>();
    private readonly Task loop;

    public WhateverWaits(ServedShape shape, InferenceSession session)
    {
        this.shape = shape;
        loop = Task.Run(() => LoopAsync(session));
    }

    public Task<float> AskAsync(string text)
    {
        var answer = new TaskCompletionSource<float>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Writer.TryWrite((shape.Ids(text), answer));
        return answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.Complete();
        await loop.ConfigureAwait(false);
    }

    private async Task LoopAsync(InferenceSession session)
    {
        var batch = new List<(int[] Ids, TaskCompletionSource<float> Answer)>();
        while (await waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            batch.Clear();
            while (waiting.Reader.TryRead(out var one))
            {
                batch.Add(one);
            }

            var logits = BareBatch.Run(session, batch.ConvertAll(one => one.Ids));
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Answer.SetResult(logits[i]);
            }
        }
    }
}
