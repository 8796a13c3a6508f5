using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Models;

public class MemoryTests
{
    [Fact]
    public void Ten_thousand_steps_leave_no_tensor_behind()
    {
        using var model = new SmallCnn();
        using var images = randn(2, 3, 6, 6);
        using var targets = zeros([2], ScalarType.Int64);
        // One thread: waking up others takes longer than this network does.
        var threads = get_num_threads();
        set_num_threads(1);
        Steps(20);
        var statistics = DisposeScopeManager.Statistics.TensorStatistics;
        var before = statistics.ThreadTotalLiveCount;
        Steps(10_000);
        set_num_threads(threads);
        Assert.Equal(before, statistics.ThreadTotalLiveCount);

        void Steps(int count)
        {
            for (var step = 0; step < count; step++)
            {
                model.zero_grad();
                using var logits = model.call(images);
                using var loss = model.Loss(logits, targets);
                loss.backward();
            }
        }
    }

    [Fact]
    public void Scopes_conversions_groups_and_summaries_leave_no_tensor_behind()
    {
        using var model = new SmallLanguageModel();
        Round();
        var statistics = DisposeScopeManager.Statistics.TensorStatistics;
        var before = statistics.ThreadTotalLiveCount;
        for (var round = 0; round < 20; round++)
        {
            Round();
        }
        Assert.Equal(before, statistics.ThreadTotalLiveCount);

        void Round()
        {
            using (model.EvalScope())
            using (model.MonteCarloDropout())
            {
                _ = model.Summary().ToString();
                _ = model.ParameterGroups();
            }
            model.to(ScalarType.Float64).to(ScalarType.Float32);
        }
    }
}
