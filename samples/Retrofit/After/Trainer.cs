using TorchSharp;
using static TorchSharp.torch;

namespace Retrofit;

/// <summary>Trains a network and prints how it does on digits that it does not train with.</summary>
public sealed class Trainer(DigitNet net)
{
    public void Fit(Digits train, Digits test, int epochs)
    {
        using var optimizer = optim.AdamW(net.parameters(), 2e-3, weight_decay: 1e-2);
        var scheduler = optim.lr_scheduler.StepLR(optimizer, 5, 0.5);
        using var criterion = nn.CrossEntropyLoss();
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            var total = 0f;
            net.train();
            foreach (var (images, labels) in train.Batches(64))
            {
                using var scope = NewDisposeScope();
                var loss = criterion.call(net.call(images), labels);
                optimizer.zero_grad();
                loss.backward();
                optimizer.step();
                total += loss.item<float>();
            }

            scheduler.step();
            net.eval();
            using var _ = no_grad();
            var accuracy = net.call(test.Images).argmax(1).eq(test.Labels).to(ScalarType.Float32).mean().item<float>();
            Console.WriteLine($"epoch {epoch}: loss {total:F2}, test {accuracy:P1}");
        }
    }
}
