// A service with a queue: requests wait, one worker runs them in batches, and a new model can be swapped in.
using System.Threading.Channels;

public interface IScorer
{
    Task<float> ScoreAsync(float[] features, CancellationToken cancellation);
}

public sealed class ScoringQueue : IScorer, IAsyncDisposable
{
    private readonly Channel<(float[] Features, TaskCompletionSource<float> Answer)> _requests =
        Channel.CreateBounded<(float[] Features, TaskCompletionSource<float> Answer)>(1024);
    private readonly Task _worker;
    private nn.Module<Tensor, Tensor> _model;

    public ScoringQueue(string path)
    {
        _model = Load(path);
        _worker = Task.Run(WorkAsync);
    }

    public async Task<float> ScoreAsync(float[] features, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<float>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _requests.Writer.WriteAsync((features, answer), cancellation).ConfigureAwait(false);
        return await answer.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>The old model is left to the garbage collector: a batch may still be running on it.</summary>
    public void Reload(string path) => Volatile.Write(ref _model, Load(path));

    public async ValueTask DisposeAsync()
    {
        _requests.Writer.Complete();
        await _worker.ConfigureAwait(false);
        _model.Dispose();
    }

    private static nn.Module<Tensor, Tensor> Load(string path)
    {
        var model = nn.Sequential(
            nn.Linear(32, 64),
            nn.LayerNorm(64),
            nn.GELU(),
            nn.Dropout(0.25),
            nn.Linear(64, 1),
            nn.Sigmoid());
        model.load(path);
        model.eval();
        return model;
    }

    private async Task WorkAsync()
    {
        var batch = new List<(float[] Features, TaskCompletionSource<float> Answer)>();
        while (await _requests.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            batch.Clear();
            while (batch.Count < 64 && _requests.Reader.TryRead(out var request))
            {
                batch.Add(request);
            }

            var scores = Run(Volatile.Read(ref _model), batch.Select(request => request.Features).ToList());
            for (var i = 0; i < scores.Length; i++)
            {
                batch[i].Answer.SetResult(scores[i]);
            }
        }
    }

    private static float[] Run(nn.Module<Tensor, Tensor> model, List<float[]> rows)
    {
        using var scope = NewDisposeScope();
        using var off = inference_mode();
        var input = tensor(rows.SelectMany(row => row).ToArray()).view(rows.Count, -1);
        return model.call(input).squeeze(1).to(ScalarType.Float32).data<float>().ToArray();
    }
}

public sealed class Calibration(IScorer scorer)
{
    /// <summary>The mean score of each decile, to be compared with how often the event really came.</summary>
    public async Task<float[]> DecilesAsync(IReadOnlyList<float[]> samples, CancellationToken cancellation)
    {
        var scores = await Task.WhenAll(samples.Select(sample => scorer.ScoreAsync(sample, cancellation)));
        using var scope = NewDisposeScope();
        var (sorted, _) = tensor(scores).sort();
        return sorted.chunk(10).Select(decile => decile.mean().item<float>()).ToArray();
    }
}
