// A generator against a discriminator: two optimizers, and parts that are frozen in turn.
class Adversaries
{
    public void Train(IEnumerable<Tensor> images)
    {
        using var generator = nn.Sequential(nn.Linear(16, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 784), nn.Tanh());
        using var discriminator = nn.Sequential(nn.Linear(784, 64), nn.LeakyReLU(0.2), nn.Dropout(0.3), nn.Linear(64, 1));
        using var ofGenerator = optim.Adam(generator.parameters(), 2e-4, 0.5);
        using var ofDiscriminator = optim.Adam(discriminator.parameters(), 2e-4, 0.5);
        using var criterion = nn.BCEWithLogitsLoss();
        foreach (var real in images)
        {
            using var scope = NewDisposeScope();
            var count = real.shape[0];
            var fake = generator.call(randn(count, 16));

            ofDiscriminator.zero_grad();
            var judged = criterion.call(discriminator.call(real), ones(count, 1)) + criterion.call(discriminator.call(fake.detach()), zeros(count, 1));
            judged.backward();
            ofDiscriminator.step();

            ofGenerator.zero_grad();
            var fooled = criterion.call(discriminator.call(fake), ones(count, 1));
            fooled.backward();
            ofGenerator.step();
        }

        generator.eval();
        using (no_grad())
        {
            generator.call(randn(8, 16)).save("samples.dat");
        }
    }
}
